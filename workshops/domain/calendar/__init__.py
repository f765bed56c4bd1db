"""The released programme as calendar entries (RFC 5545), and as an organiser's invitations to them (RFC 5546)."""
