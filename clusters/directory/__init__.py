"""One declaration makes a directory: its filters, facets, table, page, CSV and JSON."""
