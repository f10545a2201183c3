namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo is about to stop, and takes no call of a model any more; another one does. Nothing was sent to the model.</summary>
[GenerateSerializer, Immutable, Alias("metallm.silo-draining")]
internal sealed class SiloDrainingException() : OrleansException("The silo is about to stop.");
