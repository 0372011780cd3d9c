"""The public door: what a plugin may import. Everything else is private and may change.

Names here keep working for two minor releases after a deprecation notice.
"""

import core as _core

if getattr(_core, "OWNER", None) != "instaflow":
    raise ImportError(
        f"another distribution has overwritten the package 'core' ({_core}); install instaflow in an environment of its own"
    )

from core.host.hookspecs import hookimpl
from core.model.context import PROFILE_FIELDS
from core.model.diagnostic import Diagnostic, Severity
from core.model.effect import Effect
from core.model.errors import InstaFlowError, PluginError, SettingsError
from core.model.flowdoc import Connection, FlowDoc, NodeDoc, payload_for
from core.model.fold import fold, plain
from core.model.inbound import Inbound
from core.model.integration import Action, InboundWebhook, Integration
from core.model.nodetype import REPLY_CONDITIONS, FieldProblem, NodeType, Pen, TriggerRow, TriggerType
from core.model.ports import (
    AccountView,
    Answer,
    Call,
    EffectHandler,
    HttpRequest,
    HttpResponse,
    HttpTransport,
    NotSent,
    Outcome,
    OutcomeUnknown,
)
from core.model.program import Edge, Program, State
from core.model.setting import Setting
from instaflow.node_schema import NodeSchema

__all__ = [
    "PROFILE_FIELDS",
    "REPLY_CONDITIONS",
    "AccountView",
    "Action",
    "Answer",
    "Call",
    "Connection",
    "Diagnostic",
    "Edge",
    "Effect",
    "EffectHandler",
    "FieldProblem",
    "FlowDoc",
    "HttpRequest",
    "HttpResponse",
    "HttpTransport",
    "Inbound",
    "InboundWebhook",
    "InstaFlowError",
    "Integration",
    "NodeDoc",
    "NodeSchema",
    "NodeType",
    "NotSent",
    "Outcome",
    "OutcomeUnknown",
    "Pen",
    "PluginError",
    "Program",
    "Setting",
    "SettingsError",
    "Severity",
    "State",
    "TriggerRow",
    "TriggerType",
    "fold",
    "hookimpl",
    "payload_for",
    "plain",
]
