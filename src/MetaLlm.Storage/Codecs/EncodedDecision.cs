using MetaLlm.Core.Tenancy;

namespace MetaLlm.Storage.Codecs;

/// <summary>A decision ready to be written: encoded by its caller, so that the writer only copies bytes.</summary>
internal readonly record struct EncodedDecision(DecisionRecord Decision, byte[] Context, ReadOnlyMemory<byte> Record);
