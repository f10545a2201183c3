using MetaLlm.Embeddings.Tokenization;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

public sealed class UnigramTokenizerTests
{
    // Ids:      0 unknown, 1 reserved, 2 "_", 3 "a", 4 "b", 5 "ab", 6 "_a", 7 ":" without a score, 8 "_ab"
    private const string Vocabulary =
        """[["?",0],["<s>",0],["▁",-1],["a",-2],["b",-2],["ab",-3],["▁a",-2.5],[":",null],["▁ab",-9]]""";

    [Theory]
    [InlineData("", new long[0])]
    [InlineData(" ", new long[] { 2, 2 })]
    [InlineData("a", new long[] { 6 })] // "_a" -2.5 beats "_" + "a" -3
    [InlineData("ab", new long[] { 2, 5 })] // "_" + "ab" -4 beats "_a" + "b" -4.5, "_" + "a" + "b" -5 and "_ab" -9
    [InlineData("a:b", new long[] { 6, 7, 4 })] // a missing score counts as 0
    [InlineData("zz", new long[] { 2, 0 })] // a run of unknown characters is one token
    [InlineData("z z", new long[] { 2, 0, 2, 0 })]
    [InlineData("<s>", new long[] { 2, 0 })] // reserved pieces never match
    [InlineData("😀😀a", new long[] { 2, 0, 3 })]
    [InlineData("\uFF41\uFF42", new long[] { 2, 5 })] // full-width letters, by NFKC
    [InlineData("\uD83Da", new long[] { 2, 0, 3 })] // half of a surrogate pair
    public void The_most_probable_segmentation_wins(string text, long[] expected) =>
        Assert.Equal(expected, Read(maxTokens: 8).Encode(text));

    [Fact]
    public void Tokens_beyond_the_limit_are_cut_off() =>
        Assert.Equal([6, 6, 2], Read(maxTokens: 3).Encode("a a ab"));

    [Fact]
    public void The_limit_holds_in_a_text_without_spaces() =>
        Assert.Equal(8, Read(maxTokens: 8).Encode(string.Concat(Enumerable.Repeat("abba", 100_000))).Length);

    [Fact]
    public void A_vocabulary_with_a_piece_across_words_is_refused()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read("""[["?",0],["a▁b",-1]]""", reserved: 1, maxTokens: 8));
        Assert.Contains("Piece 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_another_shape_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Read("""[["?",0],"a"]""", reserved: 1, maxTokens: 8));

    private static UnigramTokenizer Read(int maxTokens) => Read(Vocabulary, reserved: 2, maxTokens);

    private static UnigramTokenizer Read(string vocabulary, int reserved, int maxTokens)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "vocabulary.json");
        File.WriteAllText(path, vocabulary);
        return UnigramTokenizer.Read(path, reserved, maxTokens);
    }
}
