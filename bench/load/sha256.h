/* SHA-256 and HMAC in hex, for signing webhooks as Meta does. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct { uint32_t h[8]; uint64_t n; uint8_t block[64]; } sha256;

static const uint32_t SHA_K[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define ROTR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

static void sha_block(sha256 *s, const uint8_t *p) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (ROTR(a, 7) ^ ROTR(a, 18) ^ (a >> 3)) + w[i - 7] + (ROTR(b, 17) ^ ROTR(b, 19) ^ (b >> 10));
  }
  memcpy(v, s->h, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t big1 = ROTR(v[4], 6) ^ ROTR(v[4], 11) ^ ROTR(v[4], 25), choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t t1 = v[7] + big1 + choose + SHA_K[i] + w[i];
    uint32_t big0 = ROTR(v[0], 2) ^ ROTR(v[0], 13) ^ ROTR(v[0], 22), major = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t1;
    v[0] = t1 + big0 + major;
  }
  for (int i = 0; i < 8; i++) s->h[i] += v[i];
}

static void sha_add(sha256 *s, const void *data, size_t n) {
  for (const uint8_t *p = data; n--; p++) {
    s->block[s->n++ & 63] = *p;
    if (!(s->n & 63)) sha_block(s, s->block);
  }
}

static void sha_start(sha256 *s) {
  static const uint32_t H[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(s->h, H, sizeof H);
  s->n = 0;
}

static void sha_end(sha256 *s, uint8_t out[32]) {
  uint64_t bits = s->n * 8;
  uint8_t byte = 0x80, length[8];
  sha_add(s, &byte, 1);
  for (byte = 0; (s->n & 63) != 56;) sha_add(s, &byte, 1);
  for (int i = 0; i < 8; i++) length[i] = bits >> (56 - 8 * i);
  sha_add(s, length, 8);
  for (int i = 0; i < 32; i++) out[i] = s->h[i / 4] >> (24 - 8 * (i % 4));
}

static void hmac_hex(const char *key, const char *text, size_t n, char hex[65]) {
  uint8_t pad[64], digest[32];
  size_t k = strlen(key) > 64 ? 64 : strlen(key);
  sha256 s;
  for (int round = 0; round < 2; round++) {
    memset(pad, round ? 0x5c : 0x36, sizeof pad);
    for (size_t i = 0; i < k; i++) pad[i] ^= key[i];
    sha_start(&s);
    sha_add(&s, pad, sizeof pad);
    if (round) sha_add(&s, digest, sizeof digest);
    else sha_add(&s, text, n);
    sha_end(&s, digest);
  }
  for (int i = 0; i < 32; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
}
