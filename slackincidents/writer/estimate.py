"""What writing a plan with a model would ask: calls and tokens, before anything is sent."""

from __future__ import annotations

from slackincidents.chat.base import ChatRequest
from slackincidents.chat.tokens import estimate_request, estimate_tokens
from slackincidents.schema.base import Frozen
from slackincidents.schema.plan import Plan
from slackincidents.writer.answers import LINES
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import Granularity, by_model

TOKENS_OF_A_LINE = 14
"""What the form of the answer costs around each text."""


class Estimate(Frozen):
    """Calls, tokens and lines, without repairs; about what an undisturbed run takes."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lines: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        """Both together."""
        return Estimate(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            lines=self.lines + other.lines,
        )


def estimate(plan: Plan, prompts: Prompts, understudy: OfflineWriter, granularity: Granularity = "scene") -> Estimate:
    """The prompts as they would be sent, with the understudy's words where the model's would stand."""
    texts = understudy.compose(plan).texts
    session = prompts.session(plan)
    asked = [session.scene(scene, texts) for scene in session.scenes(granularity)]
    lines = [beat.id for beat in plan.beats if by_model(beat)]
    return Estimate(
        calls=len(asked),
        prompt_tokens=sum(estimate_request(ChatRequest(model="", messages=m, shape=LINES)) for m in asked),
        completion_tokens=sum(estimate_tokens(texts[beat]) + TOKENS_OF_A_LINE for beat in lines),
        lines=len(lines),
    )
