namespace MetaLlm.Simulator.Http;

/// <summary>A field of a request cannot be used; caught where the request is read.</summary>
internal sealed class FieldException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
