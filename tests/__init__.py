"""The tests: a mirror of the app, the browser tests, and the tests of the whole house."""
