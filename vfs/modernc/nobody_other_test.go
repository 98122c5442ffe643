//go:build !unix

package modernc_test

import "testing"

func becomeNobody(t *testing.T) { t.Fatal("there is no root to become nobody") }
