package main

import (
	"fmt"

	"github.com/stellar/go-stellar-sdk/processors/token_transfer"
	"github.com/stellar/go-stellar-sdk/xdr"
)

// reference is SDF's processor; a panic of it counts as a refusal of the ledger.
type reference struct {
	processor *token_transfer.EventsProcessor
}

func newReference(passphrase string, unified bool) *reference {
	if unified {
		return &reference{token_transfer.NewEventsProcessorForUnifiedEvents(passphrase)}
	}
	return &reference{token_transfer.NewEventsProcessor(passphrase)}
}

func (r *reference) events(ledger xdr.LedgerCloseMeta) (events []*token_transfer.TokenTransferEvent, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			events, err = nil, fmt.Errorf("panic: %v", reason)
		}
	}()
	return r.processor.EventsFromLedger(ledger)
}
