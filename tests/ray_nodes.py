"""A cluster of several nodes, all of them processes of this machine on loopback."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import ray
from ray._private import ray_constants
from ray.cluster_utils import Cluster

from pressmark.engine.cluster import CHANNEL_SECONDS, _look_again

SOON_LOST = {
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "500",
    "RAY_health_check_failure_threshold": "3",
}
"""A node counts as lost after a second and a half, not half a minute."""


@contextmanager
def nodes_here(head_cpus: int = 1, client_port: int = 0) -> Iterator[Cluster]:
    """Give a cluster of one node, to which others may be added.

    Args:
        head_cpus: Processors of that node, which the driver is on; with none, every task runs on another.
        client_port: Where Ray's client server listens, for those who join by `ray://`.
    """
    folder = tempfile.mkdtemp(prefix="pm-")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", "0123456789abcdef" * 4)
        patch.setenv("RAY_TMPDIR", folder)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        for name, value in SOON_LOST.items():
            patch.setenv(name, value)
        patch.setattr(ray_constants, "ENABLE_RAY_CLUSTER", False)
        _look_again()
        head: dict[str, object] = {"num_cpus": head_cpus, "include_dashboard": False, "node_ip_address": "127.0.0.1"}
        if client_port:
            head["ray_client_server_port"] = client_port
            patch.setenv(CHANNEL_SECONDS, "120")
        cluster = Cluster(initialize_head=True, head_node_args=head)
        yield cluster
        ray.shutdown()
        cluster.shutdown()
    _look_again()
    shutil.rmtree(folder, ignore_errors=True)


def add(cluster: Cluster, count: int = 1) -> None:
    """Add nodes of one processor each."""
    for _ in range(count):
        cluster.add_node(num_cpus=1, node_ip_address="127.0.0.1")
