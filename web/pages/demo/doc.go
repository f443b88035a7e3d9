// Package demo holds the pages that only the demo has: the mails it has sent.
package demo
