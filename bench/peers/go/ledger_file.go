package main

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/zstd"
	"github.com/stellar/go-stellar-sdk/xdr"
)

var zstdMagic = []byte{0x28, 0xB5, 0x2F, 0xFD}

// decoder turns the bytes of a file into ledgers, on one thread.
type decoder struct {
	zstd   *zstd.Decoder
	buffer []byte
}

func newDecoder() *decoder {
	reader, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	return &decoder{zstd: reader}
}

// ledgers reads a batch file (zstd around one LedgerCloseMetaBatch) or the bare XDR of one
// ledger. It also says how many bytes of XDR it read.
func (d *decoder) ledgers(file []byte) ([]xdr.LedgerCloseMeta, int, error) {
	if !bytes.HasPrefix(file, zstdMagic) {
		var ledger xdr.LedgerCloseMeta
		if err := xdr.SafeUnmarshal(file, &ledger); err != nil {
			return nil, 0, fmt.Errorf("ledger: %w", err)
		}
		return []xdr.LedgerCloseMeta{ledger}, len(file), nil
	}
	plain, err := d.zstd.DecodeAll(file, d.buffer[:0])
	if err != nil {
		return nil, 0, fmt.Errorf("zstd: %w", err)
	}
	d.buffer = plain
	var batch xdr.LedgerCloseMetaBatch
	if err := xdr.SafeUnmarshal(plain, &batch); err != nil {
		return nil, 0, fmt.Errorf("batch: %w", err)
	}
	return batch.LedgerCloseMetas, len(plain), nil
}
