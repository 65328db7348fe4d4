"""The benchmark: the register against a bare floor over the same file, interleaved in one run."""
