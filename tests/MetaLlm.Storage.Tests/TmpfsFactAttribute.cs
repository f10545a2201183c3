namespace MetaLlm.Storage.Tests;

/// <summary>A test that needs a disk of its own; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Hindrance = new(() => Task.Run(Tmpfs.FindHindranceAsync).GetAwaiter().GetResult());

    /// <summary>Marks the test.</summary>
    public TmpfsFactAttribute() => Skip = Hindrance.Value;
}
