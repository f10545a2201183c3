using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Features;

public sealed class LanguageFeaturesTests
{
    private const int Scripts = 11;

    [Theory]
    [InlineData("a b, c!", 0)]
    [InlineData("Ελλάδα", 1)]
    [InlineData("Привет, мир", 2)]
    [InlineData("שלום", 3)]
    [InlineData("مرحبا", 4)]
    [InlineData("नमस्ते", 5)]
    [InlineData("สวัสดี", 6)]
    [InlineData("안녕하세요", 7)]
    [InlineData("ありがとう", 8)]
    [InlineData("你好", 9)]
    [InlineData("𠀀𠀁", 9)]
    [InlineData("Გამარჯობა ሰላም", 10)]
    public void Letters_count_for_their_script(string text, int script)
    {
        var features = Of(text);
        Assert.Equal(1, features[script]);
        Assert.Equal(1, features[..Scripts].Sum(), 1e-6);
    }

    [Fact]
    public void Shares_are_those_of_the_letters_alone()
    {
        var features = Of("ab 12 !! д漢");
        Assert.Equal([0.5f, 0.25f, 0.25f], [features[0], features[2], features[9]]);
    }

    [Fact]
    public void Marks_count_among_the_latin_letters()
    {
        Assert.Equal(0.25f, Of("über")[Scripts]);
        Assert.Equal(0, Of("дом")[Scripts]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345 !?")]
    public void A_text_without_letters_has_zeros(string text) => Assert.All(Of(text), entry => Assert.Equal(0, entry));

    [Fact]
    public void Whatever_the_text_every_entry_is_finite_and_no_share_is_above_its_whole()
    {
        for (var run = 0UL; run < 500; run++)
        {
            var text = new string([.. Enumerable.Range(0, (int)(200 * CounterRandom.Uniform(run, 0))).Select(i => (char)CounterRandom.Bits(run, (ulong)i + 1))]);
            var features = Of(text);
            Assert.All(features, entry => Assert.InRange(entry, 0, 2));
            Assert.InRange(features[..Scripts].Sum(), 0, 1.0001);
        }
    }

    [Fact]
    public void Case_does_not_matter_to_words_and_only_the_first_page_is_read()
    {
        Assert.Equal(Of("where is it")[(Scripts + 1)..].AsEnumerable(), Of("WHERE Is It")[(Scripts + 1)..]);
        var page = new string('a', 4096);
        Assert.Equal(Of(page).AsEnumerable(), Of(page + "漢字"));
    }

    [Theory]
    [InlineData(0, "Where is the nearest station and how long does the train take?")]
    [InlineData(0, "Children were playing in the garden when it began to rain.")]
    [InlineData(1, "Wo ist der nächste Bahnhof und wie lange braucht der Zug?")]
    [InlineData(1, "Die Kinder spielten im Garten, als es zu regnen begann.")]
    [InlineData(2, "Où est la gare la plus proche et combien de temps met le train ?")]
    [InlineData(2, "Les enfants jouaient dans le jardin quand il a commencé à pleuvoir.")]
    [InlineData(3, "¿Dónde está la estación más cercana y cuánto tarda el tren?")]
    [InlineData(3, "Los niños jugaban en el jardín cuando empezó a llover.")]
    [InlineData(4, "Onde fica a estação mais próxima e quanto tempo demora o comboio?")]
    [InlineData(5, "Dove si trova la stazione più vicina e quanto ci mette il treno?")]
    [InlineData(6, "Waar is het dichtstbijzijnde station en hoe lang doet de trein erover?")]
    [InlineData(7, "Gdzie jest najbliższa stacja i ile czasu jedzie do niej pociąg?")]
    [InlineData(8, "En yakın istasyon nerede ve tren ne kadar sürer?")]
    [InlineData(9, "Di mana stasiun terdekat dan berapa lama kereta itu untuk ke sana?")]
    [InlineData(10, "Ga gần nhất ở đâu và đi tàu mất bao nhiêu thời gian?")]
    [InlineData(11, "Var ligger den närmaste stationen och hur lång tid tar det med tåget?")]
    public void Languages_with_one_script_are_told_apart_by_their_commonest_words(int language, string sentence)
    {
        var words = Of(sentence)[(Scripts + 1)..];
        Assert.Equal(language, Array.IndexOf(words, words.Max()));
        Assert.Single(words, words.Max());
    }

    [Fact]
    public void A_tenant_that_looks_at_languages_has_them_between_the_tag_and_the_embedding()
    {
        const string text = "Wo ist der Bahnhof?";
        var map = new FeatureMap("m1", Log.Reduction());
        var plain = QueryFeatures.Of(text, Log.Query(1).Embedding, "travel", 10);
        var seen = plain.SeenWith(text, ContextParts.All | ContextParts.Language);
        var (without, with) = (map.Map(plain, ContextParts.All), map.Map(seen, ContextParts.All | ContextParts.Language));
        var start = 1 + StructuralFeatures.Count + TaskVocabulary.Slots;
        Assert.Equal(without.AsEnumerable(), [.. with[..start], .. with[(start + LanguageFeatures.Count)..]]);
        Assert.Equal(Of(text), with[start..(start + LanguageFeatures.Count)]);
        Assert.Equal(without, map.Map(seen, ContextParts.All));
    }

    [Fact]
    public void A_query_whose_language_nobody_looked_at_has_zeros_there()
    {
        var blocks = ContextParts.Structural | ContextParts.Language;
        var x = new FeatureMap("m1", Log.Reduction()).Map(QueryFeatures.Of("дом", [], null, 1), blocks);
        Assert.Equal(1 + StructuralFeatures.Count + LanguageFeatures.Count, x.Length);
        Assert.All(x[(1 + StructuralFeatures.Count)..], entry => Assert.Equal(0, entry));
    }

    [Fact]
    public void A_tenant_that_does_not_look_gets_what_it_always_got()
    {
        var features = QueryFeatures.Of("дом", [], null, 1);
        Assert.Same(features, features.SeenWith("дом", ContextParts.All));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => LanguageFeatures.Extract("a", new float[LanguageFeatures.Count - 1]));

    private static float[] Of(string text)
    {
        var features = new float[LanguageFeatures.Count];
        LanguageFeatures.Extract(text, features);
        return features;
    }
}
