"""What programs can read from the site, described for them and for people."""
