"""Numbers from a small integer hash, the same as Tests/TestSupport in Swift makes."""
import numpy

MASK = (1 << 64) - 1


def uniform(count, stream):
    """Numbers in [0, 1): the 24 high bits of a hash of index and stream."""
    start = numpy.uint64((stream * 0x9E3779B97F4A7C15) & MASK)
    x = numpy.arange(count, dtype=numpy.uint64) + start
    x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    x = x ^ (x >> numpy.uint64(31))
    return ((x >> numpy.uint64(40)).astype(numpy.float64) / 2**24).astype(numpy.float32)
