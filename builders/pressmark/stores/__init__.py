"""Object storage: buckets of stores that speak S3, and releases in them."""
