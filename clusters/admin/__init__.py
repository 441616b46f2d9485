"""The curators' site: one module per noun."""
