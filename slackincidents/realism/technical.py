"""Words of the trade that an English dictionary does not have, so that nobody takes them for slips."""

from __future__ import annotations

_LIST = """
ansible apache argocd async auth autoscale autoscaler autoscaling autovacuum backend backends backfill backlog
backoff backport bash binlog bool boto brotli bucketed cache cached canary canaries cassandra cdn celery centos
ceph changelog chmod chown clickhouse cloudflare cloudfront cloudwatch clusterip cmake codec config configmap
configs consul conf container containerd coredns cpu crashloop crashlooping cron cronjob cronjobs crontab curl
daemonset dashboards datadog datastore datetime deadlock debian debounce debug dedupe deploy deploys dequeue
deserialize devops dhcp diff diffs dmesg dns docker dockerfile downtime dropdown dynamo dynamodb ebs elasticache
elasticsearch endpoint endpoints enqueue entrypoint enum env envoy envs eslint etcd ethernet exec failover
fallback fastly ffmpeg firewall firewalld flaky fluentd formatter frontend frontends fstab gcc gcloud gigabit
git github gitlab golang goroutine goroutines grafana graphql graylog grep gripe groovy grpc grub gunicorn
gunzip gzip hadoop haproxy hardcode hardcoded hashicorp hashmap healthcheck healthchecks heartbeat heatmap helm
heroku homepage hostname hostnames hotfix hotspot html http https hypervisor iframe iftop ingress init initramfs
inode inodes inotify instantiation int iops iotop iptables istio jaeger java javascript jenkins jira journalctl
json jvm jwks kafka kernel keycloak keyspace kibana kinesis kube kubectl kubelet kubernetes kvm lambda latencies
ldap libc liveness localhost lockfile logfile logfiles logrotate logstash loki lookup lookups lsof lvm macos
maven mediawiki memcache memcached metadata middleware minio mkdir modprobe mongo mongod mongodb mount mtime mtu
mutex mysql mysqld nagios namespace namespaces netstat nginx nodepool nodejs npm ntpd nullable nvidia oauth
offline okta onboarding oncall oom oomkilled opensearch openssl openstack opentelemetry otel pagerduty param
params passwd patchset perl perms pgbouncer php ping pinged pipeline pipelines placeholder pod pods podman
poller popup postgres postgresql postmortem prefetch preprod prod productcatalog prometheus promql protobuf psql
pubsub puppet puppetdb pytest python qemu quorum rabbitmq raid rails readonly rebase rebased reboot rebooted
rebooting recaptcha redeploy redhat redirect redirects redis regex regexp reindex reload repo repos repro rerun
resolver retries retry retrying rollback rollbacks rollout rollouts rsync rubocop runbook runbooks runtime rust
sandbox scala schemas scrape scraper screenshot sdk selinux semaphore sentry serializer setuid sftp shard
sharded sharding shards sidecar sidecars signup sigkill sigterm slab slurm snapshot snmp spinlock splunk sqlite
squid ssh sshd ssl stacktrace staging statefulset statsd stderr stdin stdout stdlib storefront strace stripe
struct subdomain subnet subnets sudo superuser supervisord swap symlink symlinks sync synced syncing syslog
sysctl systemctl systemd tarball tcp tcpdump teardown telnet tempo terraform throttled throughput timeframe
timeout timeouts timestamp timestamps tls toolchain tooltip traceback traceroute truthy typescript ubuntu udev
udp unassign unicode unmount unprovisioned upstart upstream uptime url urls userland username usernames utf uuid
uwsgi valkey varchar varnish vault verbose viewport virtualenv vlan vmstat vmware webapp webhook webhooks
webpack webserver websocket websockets whitelist wifi wiki wikimedia wikipedia wildcard workflow xargs xfs xml
yaml zabbix zipkin zombie zookeeper afaict afaik alright btw congrats coulda coz cuz dont cant wont isnt didnt
doesnt wasnt werent havent hasnt couldnt wouldnt shouldnt youre theyre theres thats whats lets aint weve youve
dunno emoji emojis fyi gimme gonna gotta haha hehe hmm hmmm hrm iirc imho imo info kinda lemme lgtm lol maybe
meh mins msecs nah nope okay ooh oops ouch outta pls plz ppl prob probs prolly rofl roundtrip sec secs sorta
thanx tho thru thx til tmrw todo todos tweak uh ugh wanna whoa woah woulda wtf yea yeah yep yup
"""

TECHNICAL = frozenset(_LIST.split())
"""Never typo-like."""
