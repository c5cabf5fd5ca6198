"""The world outside: files, keys, other people's servers and rendered documents."""
