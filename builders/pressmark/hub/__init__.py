"""The way to readers: releases read back with the real clients."""
