package audit

import (
	"crypto/sha256"
	"encoding/hex"
)

// merkle computes the root of a Merkle tree (RFC 9162 2.1.1) over leaves that come one by one.
type merkle struct {
	n     int64
	roots [][sha256.Size]byte // of complete subtrees, largest first: one for each bit of n
}

// add takes the next leaf.
func (m *merkle) add(leaf []byte) {
	node := sha256.Sum256(append([]byte{0}, leaf...))
	for bits := m.n; bits&1 == 1; bits >>= 1 { // as adding one carries
		last := len(m.roots) - 1
		node = join(m.roots[last], node)
		m.roots = m.roots[:last]
	}
	m.roots = append(m.roots, node)
	m.n++
}

// root gives the root over the leaves so far, in hex. Without leaves it is the hash of nothing.
func (m *merkle) root() string {
	if m.n == 0 {
		sum := sha256.Sum256(nil)
		return hex.EncodeToString(sum[:])
	}
	node := m.roots[len(m.roots)-1]
	for i := len(m.roots) - 2; i >= 0; i-- {
		node = join(m.roots[i], node)
	}
	return hex.EncodeToString(node[:])
}

func join(left, right [sha256.Size]byte) [sha256.Size]byte {
	b := make([]byte, 0, 1+2*sha256.Size)
	b = append(b, 1)
	b = append(b, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}
