"""One application for each framework, all with the same routes, started by the tests under real servers."""
