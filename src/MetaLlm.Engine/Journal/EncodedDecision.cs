using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision ready to be written: encoded by its caller, so that a store's writer only copies bytes.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Context">Its context vector, encoded.</param>
/// <param name="Record">What has no column of its own, encoded.</param>
public readonly record struct EncodedDecision(DecisionRecord Decision, byte[] Context, ReadOnlyMemory<byte> Record);
