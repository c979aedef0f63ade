"""Words that would give a side away: neutral names to put in, products to take out, words that are no names."""

from __future__ import annotations

import re

NEUTRAL = ("ari", "bo", "cee", "dov", "eli", "fay", "gil", "hal", "ida", "jun", "kai", "lou", "mia", "nia", "oz", "pia")
"""Who speaks in a flattened excerpt, in order of appearance."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRODUCTS = _set(
    """
    ubuntu kubuntu xubuntu lubuntu debian fedora centos redhat suse opensuse gentoo arch slackware linux unix windows
    vista macos osx android ios gnome kde xfce unity compiz metacity xorg wayland systemd upstart grub lilo busybox
    apt apt-get aptitude dpkg synaptic yum dnf rpm snap flatpak pip npm yarn cargo rustc rustup rust crates crate gem
    apache apache2 nginx lighttpd haproxy envoy varnish squid memcached redis valkey kafka zookeeper rabbitmq activemq
    mysql mariadb postgres postgresql psql sqlite oracle mongo mongodb cassandra elasticsearch opensearch solr influxdb
    grafana prometheus alertmanager pagerduty opsgenie nagios icinga zabbix datadog sentry kibana logstash splunk jaeger
    kubernetes k8s kubectl helm argocd docker podman containerd terraform ansible puppet chef jenkins gitlab github
    bitbucket phabricator gerrit jira bugzilla launchpad confluence slack irc zulip discord teams
    aws ec2 s3 rds lambda gcp azure cloudflare cloudfront fastly akamai cdn flagd flagctl openfeature
    mediawiki wikipedia wikimedia wikidata wiktionary commons wiki php hhvm parsoid restbase
    stripe paypal braintree checkout invoice invoices java jvm python ruby rails django node nodejs javascript
    typescript golang kotlin scala perl bash zsh vim emacs nano firefox chrome chromium opera safari thunderbird
    evolution pidgin flash gimp vlc mplayer totem rhythmbox wine virtualbox vmware qemu kvm xen nvidia ati
    radeon intel amd broadcom
    samba nfs cifs ssh sshd openssh vnc rdp openvpn iptables ufw bind dnsmasq dhcp cups alsa pulseaudio
    openai llm gpt
    """
)
"""Software and services by name. Taken out of both sides alike."""

ORDINARY = _set(
    """
    the and for not but you all any can had has her him his how its one our out see she two was who why yes yet now
    new old off own say too use way what when where with have this that then they them from will just like make more
    some such than time very want well were here been come does done each even find give good hand help high home keep
    kind know last left life line live long look mark may might much must name need next only open over part read real
    rest right same seem side still stop sure take tell test think turn under until work would year about after again
    also back because before both call case could down every first going great hello into left less maybe never nothing
    okay once other people please point really should since sorry there these thing though thanks three through today
    try user users using wait while which without world wrong error status root admin server client bot monitoring
    incident alert alerts guest nobody somebody anyone unknown update note warning fatal
    """
)
"""No names when somebody is called so: only an address with them is one."""

IDIOMS = _set("by to of the and in on a or for at as off up out")
"""Parts that a hyphenated phrase has and an id has not: one-by-one, up-to-date."""

GENERIC = _set("service services server provider manager data queue product image proxy quote load detection generator")
"""Parts of service names that everybody says; only the whole name is taken out."""

EMOTICON_LIKE = re.compile(r"(?<!\S)(?:[:;=8xX][-o'^]?[()\[\]DPpOo/\\|3*]+|[()]-?[:;=]|\^_?\^|-_-|<3|\\o/|o/)(?!\S)")
"""Faces that stand alone, in any case of letters."""
