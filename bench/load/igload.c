/* igload: webhook load generator and fake Graph API in one process, so that one clock times both ends.
 *
 * Each of --clients sends a signed direct message, waits for the HTTP answer and for the automation's reply at the sink
 * (closed loop), then sends the next one from another person: a new one each time, or with --contacts N one of N in turn.
 * With --rate R messages leave at a steady pace and only the answers are timed. Every reply is answered with a message id and,
 * with --echo, echoed back as a webhook, as Instagram does. Only loopback, bounded in events and seconds; prints one JSON line.
 *
 * Build: cc -O2 -o igload igload.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "sha256.h"

#define FIRST_PERSON 10000000000000000ULL /* 17 digits */
#define SPACE 32768
#define ECHOES 16

typedef enum { LISTENER, CLIENT, ECHO, SINK } kind;
typedef struct conn {
  kind kind; int fd, waiting; long event;
  char *out; size_t out_len, out_off, in_len;
  char in[SPACE];
} conn;
typedef struct { double sent, acked, replied; int client, over; } event;

static struct { const char *path, *text, *secret, *account; int port, sink, clients, echo; long events, contacts, offset; double seconds, timeout, rate; } arg =
  {"/api/v1/webhooks/instagram", "What is the PRICE of the blue jacket in size M please?", "bench-secret", "17841400000000001", 8000, 9900, 8, 0, 1000, 0, 0, 20, 10, 0};
static event *events;
static conn *clients, echo_conns[ECHOES];
static char **echo_queue;
static long echo_head, echo_tail, sent, acked, replied, echoed, lost, doubled, stray, refused, *newest;
static int ep, closing;
static double newest_sent;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }
static long long millis(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return t.tv_sec * 1000LL + t.tv_nsec / 1000000; }
static void fail(const char *what) { perror(what); exit(2); }
static long person(long i) { return arg.contacts ? i % arg.contacts : i; }

static char *request(const char *body, size_t n) {
  char signature[65], *out = malloc(n + 600);
  hmac_hex(arg.secret, body, n, signature);
  sprintf(out, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
    "X-Hub-Signature-256: sha256=%s\r\nContent-Length: %zu\r\n\r\n%s", arg.path, arg.port, signature, n, body);
  return out;
}

static char *message(unsigned long long who, unsigned long long mid, const char *text, int is_echo) {
  char body[4096], sender[32], recipient[32];
  snprintf(is_echo ? recipient : sender, 32, "%llu", who);
  snprintf(is_echo ? sender : recipient, 32, "%s", arg.account);
  int n = snprintf(body, sizeof body, "{\"object\":\"instagram\",\"entry\":[{\"id\":\"%s\",\"time\":%lld,\"messaging\":[{\"sender\":{\"id\":\"%s\"},"
    "\"recipient\":{\"id\":\"%s\"},\"timestamp\":%lld,\"message\":{\"mid\":\"%s%llu\",\"text\":\"%s\"%s}}]}]}",
    arg.account, millis(), sender, recipient, millis(), is_echo ? "aWdfZAG1faXRlbTpyZXBseQZD" : "aWdfZAG1faXRlbTppbmJvdW5kZD", mid, text, is_echo ? ",\"is_echo\":true" : "");
  return request(body, n);
}

/* Length of the whole HTTP message at the start of b, or 0. */
static size_t whole(const char *b, size_t n) {
  const char *end = memmem(b, n, "\r\n\r\n", 4), *p;
  if (!end) return 0;
  size_t head = end - b + 4, length = 0;
  for (p = b; p && p < end; p = memmem(p, end - p, "\r\n", 2), p = p ? p + 2 : 0)
    if (!strncasecmp(p, "content-length:", 15)) length = strtoul(p + 15, 0, 10);
  return n >= head + length ? head + length : 0;
}

static void watch(conn *c, uint32_t what, int op) { struct epoll_event e = {.events = what, .data.ptr = c}; epoll_ctl(ep, op, c->fd, &e); }
static void quick(int fd) { int one = 1; fcntl(fd, F_SETFL, O_NONBLOCK); setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); }

static void dial(conn *c) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(arg.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (c->fd >= 0) close(c->fd);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  c->in_len = c->out_off = 0;
  quick(c->fd);
  connect(c->fd, (void *)&a, sizeof a);
  watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void flush(conn *c) {
  while (c->out_off < c->out_len) {
    ssize_t n = send(c->fd, c->out + c->out_off, c->out_len - c->out_off, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno != EAGAIN && errno != ENOTCONN && errno != EINPROGRESS) dial(c);
      else watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return;
    }
    c->out_off += n;
  }
  watch(c, EPOLLIN, EPOLL_CTL_MOD);
}

static void post(conn *c, char *text) {
  free(c->out);
  c->out = text; c->out_len = strlen(text); c->out_off = 0; c->waiting = 1;
  if (c->fd < 0) dial(c); else flush(c);
}

static void next_event(conn *c) {
  if (closing || sent >= arg.events) { c->event = -1; return; }
  long i = c->event = sent++;
  events[i].client = c - clients;
  if (arg.contacts) newest[person(i)] = i;
  newest_sent = events[i].sent = now();
  post(c, message(FIRST_PERSON + arg.offset + person(i), FIRST_PERSON + arg.offset + i, arg.text, 0));
}

static void next_echo(conn *c) { if (echo_head < echo_tail) { c->event = echo_head; post(c, echo_queue[echo_head++]); } }

static void settle(conn *c) {
  event *e = &events[c->event];
  if (e->over || !e->acked || (!arg.rate && !e->replied)) return;
  e->over = 1;
  if (!arg.rate) next_event(c); else c->event = -1;
}

static void answered(conn *c, int status) {
  c->waiting = 0;
  if (status / 100 != 2) refused++;
  if (c->kind == ECHO) { echoed++; next_echo(c); return; }
  if (c->event >= 0) { events[c->event].acked = now(); acked++; settle(c); }
}

static void read_answer(conn *c) {
  ssize_t n;
  size_t length;
  while ((n = recv(c->fd, c->in + c->in_len, SPACE - c->in_len, 0)) > 0) c->in_len += n;
  if (n == 0 || (n < 0 && errno != EAGAIN)) { dial(c); if (c->waiting) flush(c); return; }
  if ((length = whole(c->in, c->in_len)) && c->waiting) { c->in_len = 0; answered(c, atoi(c->in + 9)); }
}

/* The JSON string of the message's text, as it stands in the request. */
static const char *said(const char *body, size_t n) {
  static char text[2048];
  const char *p = memmem(body, n, "\"text\":\"", 8), *end = body + n;
  size_t k = 0;
  for (p = p ? p + 8 : end; p < end && *p != '"' && k < sizeof text - 2; text[k++] = *p++)
    if (*p == '\\') text[k++] = *p++;
  text[k] = 0;
  return text;
}

static void take_reply(const char *text, size_t n, char *mid) {
  char *p = memmem(text, n, "ecipient", 8);
  const char *end = text + n;
  while (p && p < end && (*p < '0' || *p > '9')) p++;
  unsigned long long who = p && p < end ? strtoull(p, 0, 10) : 0;
  long k = (long)(who - FIRST_PERSON - arg.offset), i = arg.contacts ? (k >= 0 && k < arg.contacts ? newest[k] : -1) : k;
  sprintf(mid, "%llu", FIRST_PERSON + arg.offset + (unsigned long long)(replied + doubled + stray));
  if (!memmem(text, n, "\"message\"", 9)) return;
  if (i < 0 || i >= sent) stray++;
  else if (events[i].replied) doubled++;
  else { events[i].replied = now(); replied++; if (!arg.rate && clients[events[i].client].event == i) settle(&clients[events[i].client]); }
  if (arg.echo && i >= 0 && echo_tail < 2 * arg.events) {
    echo_queue[echo_tail++] = message(who, strtoull(mid, 0, 10), said(text, n), 1);
    for (int k2 = 0; k2 < ECHOES; k2++) if (!echo_conns[k2].waiting) { next_echo(&echo_conns[k2]); break; }
  }
}

static void serve(conn *c) {
  ssize_t n;
  size_t length;
  while ((n = recv(c->fd, c->in + c->in_len, SPACE - c->in_len, 0)) > 0) c->in_len += n;
  if (n == 0 || (n < 0 && errno != EAGAIN)) { close(c->fd); free(c); return; }
  while ((length = whole(c->in, c->in_len))) {
    char mid[32], body[256], out[512];
    take_reply(c->in, length, mid);
    int bytes = sprintf(body, "{\"recipient_id\":\"1\",\"message_id\":\"aWdfZAG1faXRlbTpyZXBseQZD%s\"}", mid);
    int all = sprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", bytes, body);
    if (send(c->fd, out, all, MSG_NOSIGNAL) < 0) stray++;
    memmove(c->in, c->in + length, c->in_len -= length);
  }
}

static void accept_all(conn *l) {
  for (int fd; (fd = accept(l->fd, 0, 0)) >= 0;) {
    conn *c = calloc(1, sizeof *c);
    c->kind = SINK; c->fd = fd;
    quick(fd);
    watch(c, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static int by_size(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return (x > y) - (x < y); }

static void percentiles(const char *name, double *v, long n) {
  qsort(v, n, sizeof *v, by_size);
  if (n) printf("\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f},", name, v[n / 2] * 1e3, v[(long)(n * .99)] * 1e3, v[n - 1] * 1e3);
}

static void report(double start) {
  double *v = malloc(sizeof *v * (sent + 1)), last = start;
  long n = 0;
  struct rusage ru;
  printf("{\"clients\":%d,\"sent\":%ld,\"replies\":%ld,\"echoes\":%ld,\"lost\":%ld,\"doubled\":%ld,\"stray\":%ld,\"refused\":%ld,", arg.clients, sent, replied, echoed, lost, doubled, stray, refused);
  for (long i = 0; i < sent; i++) if (events[i].acked) v[n++] = events[i].acked - events[i].sent;
  percentiles("ack_ms", v, n);
  n = 0;
  for (long i = 0; i < sent; i++) if (events[i].replied) { v[n++] = events[i].replied - events[i].sent; if (events[i].replied > last) last = events[i].replied; }
  percentiles("reply_ms", v, n);
  getrusage(RUSAGE_SELF, &ru);
  printf("\"seconds\":%.3f,\"events_per_s\":%.1f,\"generator_cpu_s\":%.3f}\n", last - start, n / (last > start ? last - start : 1), ru.ru_utime.tv_sec + ru.ru_utime.tv_usec * 1e-6 + ru.ru_stime.tv_sec + ru.ru_stime.tv_usec * 1e-6);
}

static void pace(double start) {
  while (sent < arg.events && !closing && now() >= start + sent / arg.rate) {
    int k = 0;
    while (k < arg.clients && clients[k].waiting) k++;
    if (k == arg.clients) return;
    next_event(&clients[k]);
  }
}

static int busy(double at) {
  int open = 0;
  for (int k = 0; k < arg.clients; k++) {
    conn *c = &clients[k];
    if (c->event < 0 || events[c->event].over) continue;
    if (at - events[c->event].sent > arg.timeout) { events[c->event].over = 1; lost++; c->waiting = 0; dial(c); if (!arg.rate) next_event(c); }
    open = 1;
  }
  if (arg.rate && ((sent < arg.events && !closing) || (replied + lost < sent && at - newest_sent < arg.timeout))) return 1;
  return open || (arg.echo && echoed < echo_tail);
}

static void options(int argc, char **argv) {
  static struct option o[] = {{"path", 1, 0, 'P'}, {"port", 1, 0, 'p'}, {"sink-port", 1, 0, 's'}, {"clients", 1, 0, 'c'}, {"events", 1, 0, 'n'}, {"seconds", 1, 0, 'd'},
    {"timeout", 1, 0, 't'}, {"text", 1, 0, 'x'}, {"secret", 1, 0, 'S'}, {"account", 1, 0, 'a'}, {"offset", 1, 0, 'i'}, {"contacts", 1, 0, 'C'}, {"rate", 1, 0, 'r'}, {"echo", 0, 0, 'e'}, {0, 0, 0, 0}};
  for (int ch; (ch = getopt_long(argc, argv, "", o, 0)) != -1;) switch (ch) {
    case 'P': arg.path = optarg; break; case 'p': arg.port = atoi(optarg); break; case 's': arg.sink = atoi(optarg); break; case 'c': arg.clients = atoi(optarg); break;
    case 'n': arg.events = atol(optarg); break; case 'd': arg.seconds = atof(optarg); break; case 't': arg.timeout = atof(optarg); break; case 'x': arg.text = optarg; break;
    case 'S': arg.secret = optarg; break; case 'a': arg.account = optarg; break; case 'i': arg.offset = atol(optarg); break; case 'C': arg.contacts = atol(optarg); break;
    case 'r': arg.rate = atof(optarg); break; case 'e': arg.echo = 1; break; default: exit(2); }
  if (arg.clients < 1 || arg.clients > 1024 || arg.events < 1 || arg.events > 2000000 || arg.seconds > 600) { fputs("igload: out of bounds\n", stderr); exit(2); }
}

int main(int argc, char **argv) {
  options(argc, argv);
  events = calloc(arg.events + 1, sizeof *events);
  echo_queue = calloc(2 * arg.events + 1, sizeof *echo_queue);
  newest = malloc((arg.contacts + 1) * sizeof *newest);
  for (long k = 0; k <= arg.contacts; k++) newest[k] = -1;
  clients = calloc(arg.clients, sizeof *clients);
  ep = epoll_create1(0);
  conn listener = {.kind = LISTENER, .fd = socket(AF_INET, SOCK_STREAM, 0)};
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(arg.sink), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener.fd, (void *)&a, sizeof a) || listen(listener.fd, 1024)) fail("igload: sink port");
  quick(listener.fd);
  watch(&listener, EPOLLIN, EPOLL_CTL_ADD);
  for (int k = 0; k < arg.clients; k++) { clients[k].kind = CLIENT; clients[k].fd = -1; clients[k].event = -1; }
  for (int k = 0; k < ECHOES; k++) { echo_conns[k].kind = ECHO; echo_conns[k].fd = -1; }
  double start = now();
  if (!arg.rate) for (int k = 0; k < arg.clients; k++) next_event(&clients[k]);
  for (double checked = start;;) {
    struct epoll_event ready[256];
    int n = epoll_wait(ep, ready, 256, arg.rate ? 1 : 20);
    for (int k = 0; k < n; k++) {
      conn *c = ready[k].data.ptr;
      if (c->kind == LISTENER) accept_all(c);
      else if (c->kind == SINK) serve(c);
      else { if (ready[k].events & EPOLLOUT) flush(c); if (ready[k].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_answer(c); }
    }
    double at = now();
    closing = at - start > arg.seconds;
    if (arg.rate) pace(start);
    if (at - checked > .02) { checked = at; if (!busy(at)) break; if (at - start > arg.seconds + arg.timeout + 5) break; }
  }
  report(start);
  return 0;
}
