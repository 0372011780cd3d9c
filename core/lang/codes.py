"""Every diagnostic that the compiler can give: its usual severity and its title. A code never changes its meaning."""

from dataclasses import dataclass

from core.model.diagnostic import Severity

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True)
class Code:
    """``severity`` is the usual one; a few rules are milder or harder in cases that their page names."""

    severity: Severity
    title: str


CODES: dict[str, Code] = {
    "IF001": Code(E, "The source cannot be read"),
    "IF002": Code(E, "The indentation is wrong"),
    "IF003": Code(E, "A quote is missing or of the wrong kind"),
    "IF004": Code(E, "A line stands in the wrong place"),
    "IF005": Code(E, "The shares of a split do not add up"),
    "IF006": Code(E, "A field is missing or of the wrong kind"),
    "IF007": Code(W, "Unknown key"),
    "IF008": Code(E, "Written for a newer InstaFlow"),
    "IF101": Code(E, "The start step does not exist"),
    "IF102": Code(E, "A connection leads to a step that does not exist"),
    "IF103": Code(W, "A button leads nowhere"),
    "IF104": Code(E, "Two steps have the same id"),
    "IF105": Code(W, "A step cannot be reached"),
    "IF106": Code(E, "The flow has too many steps"),
    "IF107": Code(E, "Flows that run each other for ever"),
    "IF108": Code(I, "An active flow has no trigger"),
    "IF110": Code(E, "Unknown step type"),
    "IF111": Code(E, "Unknown or misplaced condition"),
    "IF112": Code(E, "Unknown input type"),
    "IF113": Code(E, "Unknown trigger type"),
    "IF114": Code(E, "A part of a plugin failed"),
    "IF120": Code(E, "An expression cannot be read"),
    "IF121": Code(E, "This cannot be assigned"),
    "IF122": Code(E, "Unknown filter or function"),
    "IF201": Code(E, "A loop that does not wait"),
    "IF202": Code(W, "A contact may wait here for ever"),
    "IF203": Code(E, "A payload is used twice"),
    "IF204": Code(W, "A connection is never taken"),
    "IF205": Code(W, "A condition that looks at nothing"),
    "IF206": Code(W, "Words that another exit takes"),
    "IF207": Code(W, "The flow can never end"),
    "IF208": Code(W, "Wrong answers have no exit"),
    "IF209": Code(W, "A failed call has no exit"),
    "IF210": Code(W, "Shares do not add up to 100"),
    "IF301": Code(W, "A variable that may not be set yet"),
    "IF302": Code(W, "A variable that is never set"),
    "IF303": Code(I, "A text with something that may be empty"),
    "IF304": Code(I, "A variable that nobody reads"),
    "IF305": Code(W, "The attribute does not exist"),
    "IF306": Code(W, "The tag does not exist"),
    "IF307": Code(E, "The segment does not exist"),
    "IF308": Code(E, "The integration's action does not exist"),
    "IF309": Code(W, "The subflow does not exist or is not active"),
    "IF310": Code(W, "Any text for an attribute of another type"),
    "IF311": Code(W, "A tag that nobody sets"),
    "IF401": Code(E, "A message that is certainly outside the messaging window"),
    "IF402": Code(W, "A message that may be outside the messaging window"),
    "IF403": Code(W, "A message to somebody who may not have written"),
    "IF404": Code(E, "A second message before an answer to a private reply"),
    "IF405": Code(W, "A private reply carries text only"),
    "IF406": Code(W, "A public comment reply without a comment"),
    "IF407": Code(W, "A private reply that may come too late"),
    "IF408": Code(W, "A profile field that a commenter does not have yet"),
    "IF410": Code(I, "It cannot be proven, because a subflow is not known"),
    "IF501": Code(E, "Too many quick replies"),
    "IF502": Code(W, "A button's title is too long"),
    "IF503": Code(W, "The text is too long"),
    "IF504": Code(E, "Too many cards"),
    "IF505": Code(E, "Too many buttons on a card"),
    "IF506": Code(W, "A card's title or subtitle is too long"),
    "IF507": Code(E, "Too many buttons"),
    "IF508": Code(E, "An address is not https"),
    "IF509": Code(I, "Buttons and quick replies in one message"),
    "IF510": Code(E, "The message is empty"),
    "IF511": Code(W, "An odd waiting time"),
    "IF512": Code(E, "A payload is too long"),
    "IF513": Code(E, "An upload does not exist"),
    "IF515": Code(E, "A pattern cannot be used"),
    "IF520": Code(W, "Many messages in a row"),
    "IF521": Code(E, "A loop that goes on without being answered"),
    "IF601": Code(W, "Texts are not translated"),
    "IF602": Code(W, "A translation of a text that does not exist"),
    "IF603": Code(W, "A translation reads what its text does not"),
    "IF604": Code(W, "The flow's own language"),
    "IF701": Code(E, "A property does not hold"),
    "IF702": Code(I, "A property was looked at within bounds only"),
    "IF703": Code(E, "A property cannot be read"),
    "IF704": Code(W, "A property speaks of what never happens"),
}
