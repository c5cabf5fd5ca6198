"""The demo: made-up people and retold cases, driven through the running service like any client would."""
