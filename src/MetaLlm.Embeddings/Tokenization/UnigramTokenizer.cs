using System.Text;
using System.Text.Json;

namespace MetaLlm.Embeddings.Tokenization;

/// <summary>
/// SentencePiece unigram segmentation (Kudo 2018): of all ways to write a text as pieces of the vocabulary, the one with
/// the largest sum of log probabilities, found by the Viterbi algorithm.
/// </summary>
/// <remarks>
/// Text is normalised to NFKC; every word begins with U+2581, which stands for a space. A piece never reaches over a
/// word's end, so words are segmented one by one, and work stops once the token limit is reached. On equal sums the path
/// with the shorter last piece wins. A character that begins no piece is unknown, and a run of unknown characters is one token.
/// </remarks>
internal sealed class UnigramTokenizer : ITokenizer
{
    private const char Space = '\u2581';
    private const int UnknownId = 0;

    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly float[] _scores;
    private readonly int _longestPiece;
    private readonly int _maxTokens;

    private UnigramTokenizer(List<(string Piece, float Score)> pieces, int reserved, int maxTokens)
    {
        _maxTokens = maxTokens;
        _scores = new float[pieces.Count];
        for (var id = reserved; id < pieces.Count; id++)
        {
            var (piece, score) = pieces[id];
            if (piece.Length == 0 || piece.IndexOf(Space, 1) > 0)
            {
                throw new InvalidDataException($"Piece {id} of the vocabulary, '{piece}', is empty or goes over the end of a word.");
            }

            _ids[piece] = id;
            _scores[id] = score;
            _longestPiece = Math.Max(_longestPiece, piece.Length);
        }

        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads a JSON array of [piece, log probability]; a null probability counts as 0.</summary>
    public static UnigramTokenizer Read(string path, int reserved, int maxTokens)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var pieces = new List<(string, float)>();
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[0].ValueKind != JsonValueKind.String)
            {
                throw new InvalidDataException($"Entry {pieces.Count} of {Path.GetFileName(path)} is not [piece, log probability].");
            }

            pieces.Add((entry[0].GetString()!, entry[1].ValueKind == JsonValueKind.Number ? entry[1].GetSingle() : 0f));
        }

        return reserved < pieces.Count
            ? new UnigramTokenizer(pieces, reserved, maxTokens)
            : throw new InvalidDataException($"{Path.GetFileName(path)} has {pieces.Count} pieces, of which {reserved} are reserved.");
    }

    public long[] Encode(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var normalized = Space + TextPreparation.Normalize(text, _maxTokens, NormalizationForm.FormKC).Replace(' ', Space);
        var tokens = new List<long>();
        for (var start = 0; start < normalized.Length && tokens.Count < _maxTokens;)
        {
            var next = normalized.IndexOf(Space, start + 1);
            var end = next < 0 ? normalized.Length : next;
            AddWord(normalized.AsSpan(start, end - start), tokens);
            start = end;
        }

        return tokens.Count <= _maxTokens ? [.. tokens] : [.. tokens.GetRange(0, _maxTokens)];
    }

    private void AddWord(ReadOnlySpan<char> word, List<long> tokens)
    {
        // best[e] is the largest sum over segmentations of word[..e]; their last piece is id[e], beginning at start[e].
        var best = new float[word.Length + 1];
        var start = new int[word.Length + 1];
        var id = new int[word.Length + 1];
        Array.Fill(best, float.NegativeInfinity);
        best[0] = 0;
        for (var from = 0; from < word.Length;)
        {
            var width = word[from] is >= '\uD800' and <= '\uDBFF' ? 2 : 1;
            if (best[from] > float.NegativeInfinity && !ExtendByPieces(word, from, best, start, id) && best[from] >= best[from + width])
            {
                (best[from + width], start[from + width], id[from + width]) = (best[from], from, UnknownId);
            }

            from += width;
        }

        var first = tokens.Count;
        for (var end = word.Length; end > 0; end = start[end])
        {
            if (id[end] != UnknownId || tokens.Count == first || tokens[^1] != UnknownId)
            {
                tokens.Add(id[end]);
            }
        }

        tokens.Reverse(first, tokens.Count - first);
    }

    private bool ExtendByPieces(ReadOnlySpan<char> word, int from, float[] best, int[] start, int[] id)
    {
        var any = false;
        var longest = Math.Min(_longestPiece, word.Length - from);
        for (var length = 1; length <= longest; length++)
        {
            if (!_lookup.TryGetValue(word.Slice(from, length), out var piece))
            {
                continue;
            }

            any = true;
            var score = best[from] + _scores[piece];
            var end = from + length;
            if (score >= best[end])
            {
                (best[end], start[end], id[end]) = (score, from, piece);
            }
        }

        return any;
    }
}
