package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"
)

// figures has the names of `ttp:events --stats`, so that one reader serves both sides.
type figures struct {
	Ledgers int     `json:"ledgers"`
	Events  int     `json:"events"`
	Bytes   int     `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

// benchmark goes over the files `repeat` times, each time from the file's bytes, on one thread.
func benchmark(reference *reference, names []string, repeat int) error {
	runtime.GOMAXPROCS(1)
	files := make([][]byte, len(names))
	for i, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files[i] = file
	}
	decoder := newDecoder()
	var total figures
	warmUp := repeat / 10
	start := time.Now()
	for pass := 0; pass < repeat; pass++ {
		if pass == warmUp {
			total, start = figures{}, time.Now()
		}
		for i, file := range files {
			ledgers, size, err := decoder.ledgers(file)
			if err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
			total.Bytes += size
			for _, ledger := range ledgers {
				events, err := reference.events(ledger)
				if err != nil {
					return fmt.Errorf("%s: ledger %d: %w", names[i], ledger.LedgerSequence(), err)
				}
				total.Ledgers++
				total.Events += len(events)
			}
		}
	}
	total.Seconds = time.Since(start).Seconds()
	text, err := json.Marshal(total)
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}
