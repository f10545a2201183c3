namespace MetaLlm.Engine.Batches;

/// <summary>What has become of a query of a batch.</summary>
/// <param name="Number">The query's number in its file, from 0.</param>
/// <param name="State">A JSON object.</param>
[GenerateSerializer, Immutable, Alias("metallm.stored-line")]
public sealed record StoredLine([property: Id(0)] int Number, [property: Id(1)] string State)
{
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Number = ").Append(Number);
        return true;
    }
}
