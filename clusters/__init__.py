"""Seoul AI Clusters: a curated public directory of AI innovation districts."""
