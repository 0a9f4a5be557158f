package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/stellar/go-stellar-sdk/asset"
	"github.com/stellar/go-stellar-sdk/processors/token_transfer"
)

// line is one event in the form of the conformance corpus.
type line struct {
	EventType        string            `json:"event_type"`
	LedgerSequence   uint32            `json:"ledger_sequence"`
	ClosedAt         string            `json:"closed_at"`
	TxHash           string            `json:"tx_hash"`
	TransactionIndex uint32            `json:"transaction_index"`
	OperationIndex   *uint32           `json:"operation_index"`
	ContractAddress  string            `json:"contract_address"`
	AssetType        string            `json:"asset_type"`
	AssetCode        *string           `json:"asset_code"`
	AssetIssuer      *string           `json:"asset_issuer"`
	From             *string           `json:"from"`
	To               *string           `json:"to"`
	Amount           string            `json:"amount"`
	ToMuxedInfo      map[string]string `json:"to_muxed_info"`
}

func newLine(event *token_transfer.TokenTransferEvent) line {
	meta := event.GetMeta()
	out := line{
		EventType:        event.GetEventType(),
		LedgerSequence:   meta.GetLedgerSequence(),
		ClosedAt:         meta.GetClosedAt().AsTime().UTC().Format(time.RFC3339),
		TxHash:           meta.GetTxHash(),
		TransactionIndex: meta.GetTransactionIndex(),
		OperationIndex:   meta.OperationIndex,
		ContractAddress:  meta.GetContractAddress(),
		AssetType:        "none",
		Amount:           event.GetAmount(),
		ToMuxedInfo:      muxedInfo(meta.GetToMuxedInfo()),
	}
	switch kind := event.GetAsset().GetAssetType().(type) {
	case *asset.Asset_Native:
		out.AssetType = "native"
	case *asset.Asset_IssuedAsset:
		out.AssetType = "issued"
		out.AssetCode = &kind.IssuedAsset.AssetCode
		out.AssetIssuer = &kind.IssuedAsset.Issuer
	}
	switch kind := event.GetEvent().(type) {
	case *token_transfer.TokenTransferEvent_Transfer:
		out.From, out.To = &kind.Transfer.From, &kind.Transfer.To
	case *token_transfer.TokenTransferEvent_Mint:
		out.To = &kind.Mint.To
	case *token_transfer.TokenTransferEvent_Burn:
		out.From = &kind.Burn.From
	case *token_transfer.TokenTransferEvent_Clawback:
		out.From = &kind.Clawback.From
	case *token_transfer.TokenTransferEvent_Fee:
		out.From = &kind.Fee.From
	}
	return out
}

// The reference keeps a text as raw bytes, so the hex form is the truth and the text is left
// out when the bytes are not UTF-8.
func muxedInfo(info *token_transfer.MuxedInfo) map[string]string {
	switch content := info.GetContent().(type) {
	case *token_transfer.MuxedInfo_Id:
		return map[string]string{"id": strconv.FormatUint(content.Id, 10)}
	case *token_transfer.MuxedInfo_Text:
		out := map[string]string{"text_hex": hex.EncodeToString([]byte(content.Text))}
		if utf8.ValidString(content.Text) {
			out["text"] = content.Text
		}
		return out
	case *token_transfer.MuxedInfo_Hash:
		return map[string]string{"hash": hex.EncodeToString(content.Hash)}
	}
	return nil
}

// printEvents writes the events of all files in their order and says whether none was refused.
// A ledger that is refused prints nothing; the others of its file are still printed.
func printEvents(out io.Writer, reference *reference, files []string) bool {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	decoder := newDecoder()
	ok := true
	refuse := func(file string, ledger uint32, err error) {
		ok = false
		text, _ := json.Marshal(map[string]any{"file": file, "ledger": ledger, "error": err.Error()})
		fmt.Fprintln(os.Stderr, string(text))
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			refuse(name, 0, err)
			continue
		}
		ledgers, _, err := decoder.ledgers(file)
		if err != nil {
			refuse(name, 0, err)
			continue
		}
		for _, ledger := range ledgers {
			events, err := reference.events(ledger)
			if err != nil {
				refuse(name, ledger.LedgerSequence(), err)
				continue
			}
			for _, event := range events {
				if err := encoder.Encode(newLine(event)); err != nil {
					refuse(name, ledger.LedgerSequence(), err)
				}
			}
		}
	}
	return ok
}
