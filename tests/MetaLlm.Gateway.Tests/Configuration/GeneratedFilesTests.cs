using MetaLlm.Embeddings;
using MetaLlm.Engine.Configuration;
using MetaLlm.Host;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>What is written from the settings classes says what they say.</summary>
public sealed class GeneratedFilesTests
{
    [Fact]
    public void The_schema_is_written_from_the_code() => Check(Path.Combine("config", "metallm.schema.json"), SchemaWriter.Write());

    [Fact]
    public void The_reference_is_written_from_the_code() => Check(Path.Combine("docs", "configuration.md"), ReferenceWriter.Write());

    [Fact]
    public void The_comment_of_a_member_says_its_default_and_its_range()
    {
        var wrong = new List<string>();
        foreach (var member in Members(typeof(HostSettings)).Where(m => m.Minimum is not null))
        {
            var expected = $"{(member.DefaultText is null ? $"Default {Words(member, member.Default)}; " : "")}{(member.IsAboveMinimum ? "above " : "")}{Words(member, member.Minimum)} to {Words(member, member.Maximum)}";
            if (XmlDocs.Value(member.Property) is { } value && !value.Contains(expected, StringComparison.Ordinal))
            {
                wrong.Add($"{member.Property.DeclaringType!.Name}.{member.Property.Name} says '{value}'; its attributes say '{expected}'.");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_number_has_a_range() =>
        Assert.DoesNotContain(Members(typeof(HostSettings)), m => m is { Kind: SettingsKind.Integer or SettingsKind.Number or SettingsKind.Seconds, Form: SettingsForm.One, Minimum: null });

    [Fact]
    public void A_default_that_depends_on_the_machine_is_told_in_words() =>
        Assert.Equal("the number of cores", SettingsShape.Of(typeof(EmbeddingsOptions)).Find("threads")!.DefaultText);

    private static IEnumerable<SettingsMember> Members(Type type) => SettingsShape.Of(type).InFile
        .SelectMany(m => m.Kind == SettingsKind.Object ? Members(m.Type) : [m]);

    private static string Words(SettingsMember member, object? value) => value switch
    {
        TimeSpan time => Words(time),
        decimal seconds when member.Kind == SettingsKind.Seconds => Words(TimeSpan.FromSeconds((double)seconds)),
        _ => FormattableString.Invariant($"{value:#,0.####}"),
    };

    private static string Words(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return "0";
        }

        var (count, unit) = time switch
        {
            { Milliseconds: not 0 } => (time.TotalMilliseconds, "millisecond"),
            { Seconds: not 0 } => (time.TotalSeconds, "second"),
            { Minutes: not 0 } => (time.TotalMinutes, "minute"),
            { Hours: not 0 } => (time.TotalHours, "hour"),
            _ => (time.TotalDays, "day"),
        };
        return FormattableString.Invariant($"{count} {unit}{(count == 1 ? "" : "s")}");
    }

    private static void Check(string file, string found)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        var reviewed = File.ReadAllText(path).ReplaceLineEndings("\n");
        File.WriteAllText(Path.ChangeExtension(path, ".found" + Path.GetExtension(path)), found);
        Assert.Equal(reviewed, found);
    }
}
