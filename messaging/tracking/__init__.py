"""Opens and clicks that we see ourselves, where a provider does not: a picture, and links by way of this site."""
