namespace MetaLlm.Engine.Ports;

/// <summary>What an upstream itself calls an answer, which clients do not see.</summary>
/// <param name="Id">Its id of the answer; null where it gives none.</param>
/// <param name="Model">Its name of the model that answered, which may be more exact than the one that was asked; null where it gives none.</param>
[GenerateSerializer, Immutable, Alias("metallm.answer-origin")]
public sealed record AnswerOrigin([property: Id(0)] string? Id, [property: Id(1)] string? Model);
