using System.Text.Json;
using MetaLlm.Embeddings.Tokenization;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "want", "##ed", "cafe", "!", "-", "中", "国", "a", "##a", "Caf", "$"];

    [Theory]
    [InlineData("", new long[] { 2, 3 })]
    [InlineData("unaffable", new long[] { 2, 4, 5, 6, 3 })]
    [InlineData("UNwanted", new long[] { 2, 1, 3 })] // "un" but no "##want": the whole word is unknown
    [InlineData("wanted un", new long[] { 2, 7, 8, 4, 3 })]
    [InlineData("Caf\u00E9!", new long[] { 2, 9, 10, 3 })] // lowercase, accents stripped, punctuation alone
    [InlineData("a-a$a", new long[] { 2, 14, 11, 14, 17, 14, 3 })] // ASCII symbols split like punctuation
    [InlineData("a中国a", new long[] { 2, 14, 12, 13, 14, 3 })] // ideographs stand alone
    [InlineData("a\u0000\u200B\uFFFDa", new long[] { 2, 14, 15, 3 })] // control and format characters vanish
    [InlineData("a\u00A0a\t\r\na\u2028a", new long[] { 2, 14, 14, 14, 14, 3 })]
    [InlineData("😀", new long[] { 2, 1, 3 })]
    public void Pieces_are_the_longest_from_the_left(string text, long[] expected) =>
        Assert.Equal(expected, Read(lowercase: true, maxTokens: 16).Encode(text));

    [Fact]
    public void A_cased_model_keeps_case_and_accents() =>
        Assert.Equal([2, 16, 1, 3], Read(lowercase: false, maxTokens: 16).Encode("Caf Caf\u00E9"));

    [Fact]
    public void The_end_mark_survives_the_limit() =>
        Assert.Equal([2, 14, 14, 3], Read(lowercase: true, maxTokens: 4).Encode("a a a a a a"));

    [Fact]
    public void A_word_of_more_than_100_characters_is_unknown()
    {
        var tokenizer = Read(lowercase: true, maxTokens: 256);
        Assert.Equal(102, tokenizer.Encode(new string('a', 100)).Length);
        Assert.Equal([2, 1, 3], tokenizer.Encode(new string('a', 101)));
    }

    [Fact]
    public void The_vocabulary_may_be_a_tokenizer_json()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "tokenizer.json");
        var vocabulary = Pieces.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id);
        File.WriteAllText(path, JsonSerializer.Serialize(new { model = new { vocab = vocabulary } }));
        Assert.Equal([2, 4, 5, 6, 3], WordPieceTokenizer.Read(path, lowercase: true, maxTokens: 16).Encode("unaffable"));
    }

    [Fact]
    public void A_vocabulary_without_the_special_pieces_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "vocab.txt");
        File.WriteAllLines(path, ["[UNK]", "[CLS]", "a"]);
        var exception = Assert.Throws<InvalidDataException>(() => WordPieceTokenizer.Read(path, lowercase: true, maxTokens: 16));
        Assert.Contains("[SEP]", exception.Message, StringComparison.Ordinal);
    }

    private static WordPieceTokenizer Read(bool lowercase, int maxTokens)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "vocab.txt");
        File.WriteAllLines(path, Pieces);
        return WordPieceTokenizer.Read(path, lowercase, maxTokens);
    }
}
