"""From captures to articles and rejections."""
