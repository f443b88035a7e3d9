// Package common holds the pages that belong to no domain: refusals, and a form to be sent once more.
package common
