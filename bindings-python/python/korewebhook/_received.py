"""What a handler gets: the delivery, and what of it is to be handled now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ._events import BadEvent, CloudEvent
from .guard import Outcome

if TYPE_CHECKING:
    from ._korewebhook import Delivery

__all__ = ["Received"]


@dataclass(frozen=True)
class Received:
    """A verified delivery, as the handler of an adapter gets it.

    Without a guard, `events` are all events of the body. With one, they are those which this handler has claimed: an array that holds an
    event that was handled before comes without it.
    """

    delivery: Delivery
    """What was verified: `body`, `json()`, `form()`, `key` and so on, always whole."""
    outcomes: tuple[Outcome, ...] = ()
    """What the guard said: of each item of the body, or, where no item has an id, of the whole. Empty without a guard."""

    @cached_property
    def events(self) -> list[CloudEvent]:
        """The CloudEvents to handle now, in the order of the body; none for a form."""
        return [event for event in self._claimed if isinstance(event, CloudEvent)]

    @cached_property
    def bad_events(self) -> list[BadEvent]:
        """Items to handle now that are no CloudEvents."""
        return [event for event in self._claimed if isinstance(event, BadEvent)]

    @property
    def repeat(self) -> bool:
        """Whether something in it is `repeat-body`: seen before under another token, a genuine repeat or a replay. Take it as a hint only, and
        fetch the state from KORE's API."""
        return Outcome.REPEAT_BODY in self.outcomes

    @cached_property
    def _claimed(self) -> list[CloudEvent | BadEvent]:
        events = self.delivery.events()
        if len(self.outcomes) != len(events):  # one outcome for the whole, or no guard
            return events
        return [event for event, outcome in zip(events, self.outcomes, strict=True) if outcome.claimed]
