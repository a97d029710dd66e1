package relate

import "hash/fnv"

// hash is a key of a generation's. The parts are of one sort, named first.
func hash(generation string, parts ...string) int64 {
	h := fnv.New64a()
	h.Write([]byte(generation))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	return int64(mix(h.Sum64()) | 1) // 0 stands for none
}
