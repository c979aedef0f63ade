"""What kind of cause a hypothesis suspects, in opensre's words, from how its claim and component are put."""

from __future__ import annotations

import re

from slackincidents.schema.skeleton import Hypothesis

SUSPICIONS = (
    (r"certificate|mtls|\btls\b", "tls_certificate_expired"),
    (r"\bdns\b|resolve", "dns_resolution_failure"),
    (r"network", "network_partition"),
    (r"autoscaler", "hpa_misconfiguration"),
    (r"card testing|somebody attacks|external attack|ddos", "ddos_event"),
    (r"crawler|scrape|spam", "abusive_traffic"),
    (r"api key|revoked|rotated", "upstream_authentication_failure"),
    (r"retries cause|retry storm", "cascading_failure"),
    (r"memory leak", "code_defect_resource_leak"),
    (r"\bflag\b|flagd", "feature_flag_misconfiguration"),
    (r"misconfigured|changed the prompt|a prompt change|deleted or unpublished", "configuration_error"),
    (r"release|deploy|build", "bad_deploy"),
    (r"noisy neighbour|\bnode\b", "infrastructure"),
    (r"\bpods?\b", "pod_crashloop_backoff"),
    (r"provider|acquirer|card processor|smtp|relay|cdn", "upstream_service_outage"),
    (r"traffic|visitors|campaign|surge|more orders|more users", "application_tier_load_spike"),
    (r"database|postgresql|storage|bucket|kafka|broker", "dependency_failure"),
    (r"nothing is wrong|too sensitive|made it up", "healthy"),
    (r"\bdata\b|attachments", "data_quality"),
    (r"garbage|hangs|blocks|lazy-loads|cache returns", "code_defect"),
)
"""The first pattern that fits decides; a claim that none fits forbids nothing."""


def category_of(guess: Hypothesis) -> str | None:
    """The category a hypothesis suspects, None where its words do not say."""
    said = f"{guess.claim} {guess.component}".lower()
    return next((category for pattern, category in SUSPICIONS if re.search(pattern, said)), None)
