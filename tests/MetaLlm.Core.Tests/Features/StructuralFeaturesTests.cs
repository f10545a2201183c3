using FsCheck;
using FsCheck.Fluent;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tests.Features;

public sealed class StructuralFeaturesTests
{
    [Fact]
    public void Every_text_gives_finite_features_and_shares_within_one() =>
        Prop.ForAll<string>(text =>
        {
            var f = Extract(text ?? "");
            return f.All(float.IsFinite) && new[] { 3, 4, 5, 13, 15, 17 }.All(j => f[j] is >= 0 and <= 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1234567UL, 7654321UL));

    [Fact]
    public void Known_text_gives_known_counts()
    {
        var f = Extract("Which is larger?\n(A) 12\n(B) 7.5\nSay \"A\" or \"B\".");
        Assert.Equal(Math.Log(1 + 3), f[6], 1e-6);
        Assert.Equal(Math.Log(1 + 1), f[7], 1e-6);
        Assert.Equal(Math.Log(1 + 3), f[10], 1e-6);
        Assert.Equal(Math.Log(1 + 12), f[11], 1e-6);
        Assert.Equal(Math.Log(1 + 2), f[14], 1e-6);
        Assert.Equal(0, f[15]);
        Assert.Equal(Math.Log(1 + 4), f[18], 1e-6);
    }

    [Fact]
    public void Repeated_words_are_counted_once_whatever_their_case()
    {
        Assert.Equal(1f / 3, Extract("Go go GO")[13], 1e-6f);
        Assert.Equal(1, Extract("one two three")[13]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uD800 broken surrogate \uDC00")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("你好，世界？\u2028مرحبا")]
    public void Odd_texts_do_no_harm(string text) => Assert.All(Extract(text), v => Assert.True(float.IsFinite(v)));

    [Fact]
    public void Extraction_allocates_nothing()
    {
        var text = string.Concat(Enumerable.Repeat("Explain why 3 + 4 = 7, \"please\".\n", 200));
        var features = new float[StructuralFeatures.Count];
        StructuralFeatures.Extract(text, features);
        Assert.Equal(0, Allocations.Least(() => StructuralFeatures.Extract(text, features)));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => StructuralFeatures.Extract("x", new float[StructuralFeatures.Count - 1]));

    private static float[] Extract(string text)
    {
        var features = new float[StructuralFeatures.Count];
        StructuralFeatures.Extract(text, features);
        return features;
    }
}
