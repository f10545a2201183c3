using System.Globalization;
using System.Text;

namespace MetaLlm.Embeddings.Tokenization;

/// <summary>
/// BERT's tokenizer (Devlin et al. 2019): clean, optionally lowercase and strip accents, split at spaces, punctuation and
/// CJK ideographs, then cut each word greedily into the longest pieces of the vocabulary, from the left.
/// </summary>
internal sealed class WordPieceTokenizer : ITokenizer
{
    private const int LongestWord = 100;
    private const string Continuation = "##";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly bool _lowercase;
    private readonly int _maxTokens;
    private readonly int _unknown;
    private readonly int _first;
    private readonly int _last;

    private WordPieceTokenizer(Dictionary<string, int> ids, bool lowercase, int maxTokens)
    {
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _lowercase = lowercase;
        _maxTokens = maxTokens;
        _unknown = Special(ids, "[UNK]");
        _first = Special(ids, "[CLS]");
        _last = Special(ids, "[SEP]");
    }

    public static WordPieceTokenizer Read(string path, bool lowercase, int maxTokens) =>
        maxTokens >= 2
            ? new WordPieceTokenizer(WordPieceVocabulary.Read(path), lowercase, maxTokens)
            : throw new InvalidDataException($"tokenizer.maxTokens is {maxTokens}; WordPiece needs at least 2, for [CLS] and [SEP].");

    public long[] Encode(string text)
    {
        var tokens = new List<long> { _first };
        var normalized = TextPreparation.Normalize(text, _maxTokens, _lowercase ? NormalizationForm.FormD : NormalizationForm.FormC);
        var word = new StringBuilder();
        foreach (var rune in normalized.EnumerateRunes())
        {
            if (tokens.Count >= _maxTokens)
            {
                break;
            }

            if (IsSpace(rune))
            {
                EndWord(word, tokens);
            }
            else if (!IsDropped(rune))
            {
                var letter = _lowercase ? Rune.ToLowerInvariant(rune) : rune;
                var alone = IsPunctuation(letter) || IsIdeograph(letter.Value);
                if (alone)
                {
                    EndWord(word, tokens);
                }

                word.Append(letter);
                if (alone)
                {
                    EndWord(word, tokens);
                }
            }
        }

        EndWord(word, tokens);
        if (tokens.Count >= _maxTokens)
        {
            tokens.RemoveRange(_maxTokens - 1, tokens.Count - _maxTokens + 1);
        }

        tokens.Add(_last);
        return [.. tokens];
    }

    private static int Special(Dictionary<string, int> ids, string piece) =>
        ids.TryGetValue(piece, out var id) ? id : throw new InvalidDataException($"The vocabulary has no piece {piece}.");

    private static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    private static bool IsIdeograph(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Control characters, the replacement character, and accents where text is lowercased.</summary>
    private bool IsDropped(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.NonSpacingMark => _lowercase,
        _ => false,
    };

    private void EndWord(StringBuilder word, List<long> tokens)
    {
        if (word.Length == 0)
        {
            return;
        }

        // The word stands behind room for one "##", which is written over the two characters before each later piece.
        Span<char> buffer = word.Length <= LongestWord ? stackalloc char[LongestWord + 2] : [];
        var mark = tokens.Count;
        var known = word.Length <= LongestWord;
        if (known)
        {
            word.CopyTo(0, buffer[Continuation.Length..], word.Length);
            known = AddPieces(buffer[..(word.Length + Continuation.Length)], tokens);
        }

        word.Clear();
        if (known)
        {
            return;
        }

        tokens.RemoveRange(mark, tokens.Count - mark);
        tokens.Add(_unknown);
    }

    private bool AddPieces(Span<char> word, List<long> tokens)
    {
        for (var from = Continuation.Length; from < word.Length;)
        {
            var key = from;
            if (from > Continuation.Length)
            {
                key = from - Continuation.Length;
                Continuation.CopyTo(word[key..]);
            }

            var end = word.Length;
            int id;
            while (!_lookup.TryGetValue(word[key..end], out id))
            {
                if (--end == from)
                {
                    return false;
                }
            }

            tokens.Add(id);
            from = end;
        }

        return true;
    }
}
