"""From sources to bundle: classify, deduplicate, enrich, assign, count, write."""
