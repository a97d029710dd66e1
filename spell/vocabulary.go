package spell

type vocabulary struct{}

func newVocabulary(words []string) vocabulary { return vocabulary{} }
