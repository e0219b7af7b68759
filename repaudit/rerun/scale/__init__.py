"""One journal filled by several processes: on this machine, on a cluster, or job by job.

Whoever computes a shard, its counts are those that the engine gives for it anywhere: noise is
keyed and every process follows one plan. Afterwards the ordinary run finds the shards done.
"""
