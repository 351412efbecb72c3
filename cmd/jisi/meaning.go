package main

import (
	"errors"
	"log/slog"

	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// checkEmbeddings returns what searching by meaning lacks.
func checkEmbeddings(c *config) error {
	switch {
	case c.embeddings.URL == "" && c.embeddings.Model != "":
		return errors.New("-embeddings-model needs -embeddings-url")
	case c.embeddings.URL != "" && c.embeddings.Model == "":
		return errors.New("-embeddings-url needs -embeddings-model")
	}
	return nil
}

// meaningOf returns what finds records by their meaning, nil where no server is set.
func meaningOf(c *config, s *store.Store, log *slog.Logger) (*meaning.Service, error) {
	if c.embeddings.URL == "" {
		return nil, nil //nolint:nilnil // words alone are searched
	}
	client, err := meaning.NewClient(c.embeddings)
	if err != nil {
		return nil, &sentence{"语义检索的设置有误", "the settings of searching by meaning are not right", err}
	}
	return meaning.New(client, s, log), nil
}

// withMeaning adds to the options of an index what finds by meaning, where there is any.
func withMeaning(o indexer.Options, m *meaning.Service) indexer.Options {
	if m != nil {
		o.Meaning = m // a nil service in an interface would be something
	}
	return o
}

// meaningHealth tells the server how searching by meaning does; nil where it is not set.
func meaningHealth(m *meaning.Service) func() *server.MeaningHealth {
	if m == nil {
		return nil
	}
	return func() *server.MeaningHealth {
		s := m.State()
		return &server.MeaningHealth{Available: s.Up && s.Vectors > 0, Model: s.Model, Dimensions: s.Dimensions, Vectors: s.Vectors, Records: s.Wanted}
	}
}
