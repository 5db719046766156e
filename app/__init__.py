"""Programs: the only place that joins the edges to the core."""
