package api

import (
	"fmt"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/traits"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/aws/smithy-go/transport/http/protocol/ec2query"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"
	"github.com/aws/smithy-go/transport/http/protocol/restxml"
	"github.com/aws/smithy-go/transport/http/protocol/rpcv2"
)

// The protocols, in botocore's names.
const (
	protocolJSON     = "json"
	protocolQuery    = "query"
	protocolEC2      = "ec2"
	protocolRestJSON = "rest-json"
	protocolRestXML  = "rest-xml"
	protocolCBOR     = "smithy-rpc-v2-cbor"
)

// protocol is the protocol to speak. AWS's own endpoints speak the first; emulators of today do not know CBOR, and so a
// configured endpoint is asked in the oldest that the service has.
func (o *Operation) protocol(customEndpoint bool) string {
	if customEndpoint {
		return o.Protocols[len(o.Protocols)-1]
	}
	return o.Protocols[0]
}

// codec is smithy-go's implementation of a protocol.
func (o *Operation) codec(protocol string) (smithyhttp.ClientProtocol, error) {
	var ts []smithy.Trait
	if o.Query {
		ts = append(ts, &traits.AWSQueryCompatible{})
	}
	// The JSON and CBOR protocols send the service's name.
	service := smithy.NewServiceSchema(
		smithy.NewSchema(smithy.ShapeID{Name: o.Target}, smithy.ShapeTypeService, 0, ts...), o.Version)
	switch protocol {
	case protocolJSON:
		if o.JSON == "1.0" {
			return awsjson.New10(service), nil
		}
		return awsjson.New11(service), nil
	case protocolQuery:
		return awsquery.New(service), nil
	case protocolEC2:
		return ec2query.New(service), nil
	case protocolRestJSON:
		return restjson1.New(service), nil
	case protocolRestXML:
		return restxml.New(service), nil
	case protocolCBOR:
		return rpcv2.NewCBOR(service), nil
	}
	return nil, fmt.Errorf("%s speaks the unknown protocol %q", o.Service, protocol)
}

// schema is the operation's, with all that it takes and what the selection keeps of what it answers.
func (o *Operation) schema(keep *Selection) *smithy.OperationSchema {
	method, uri := o.Method, o.URI
	if method == "" {
		method, uri = "POST", "/"
	}
	var in, out *smithy.Schema
	if o.Input != nil {
		in = builder{}.schema(o.Input, everything(o.Input), "")
	}
	if o.Output != nil {
		out = builder{}.schema(o.Output, keep, "")
	}
	return smithy.NewOperationSchema(smithy.NewSchema(
		smithy.ShapeID{Name: o.Name}, smithy.ShapeTypeOperation, 0, &traits.HTTP{Method: method, URI: uri, Code: 200},
	), in, out)
}

// A builder makes schemas. One is made once of each shape of which everything is kept: only those can hold themselves.
type builder map[*Shape]*smithy.Schema

// schemaTypes are smithy's types of our kinds. What is written like text on the wire is read as text, and made of it
// what it is then.
var schemaTypes = map[Kind]smithy.ShapeType{
	Structure: smithy.ShapeTypeStructure, List: smithy.ShapeTypeList, Map: smithy.ShapeTypeMap,
	Enum: smithy.ShapeTypeString, Text: smithy.ShapeTypeString, Policy: smithy.ShapeTypeString,
	Boolean: smithy.ShapeTypeBoolean, Integer: smithy.ShapeTypeInteger, Long: smithy.ShapeTypeLong,
	Float: smithy.ShapeTypeFloat, Double: smithy.ShapeTypeDouble, Timestamp: smithy.ShapeTypeTimestamp,
	Blob: smithy.ShapeTypeBlob, Document: smithy.ShapeTypeDocument,
}

// schema makes the schema of a shape with what is kept of it. Its members are named as they are on the wire.
func (b builder) schema(shape *Shape, keep *Selection, format string) *smithy.Schema {
	shared := keep.all && (shape.Kind == Structure || shape.Kind == List || shape.Kind == Map)
	if s, ok := b[shape]; ok && shared {
		return s
	}
	var ts []smithy.Trait
	if smithyFormat := timestampFormats[format]; smithyFormat != "" {
		ts = append(ts, &traits.TimestampFormat{Format: smithyFormat})
	}
	s := smithy.NewSchema(smithy.ShapeID{Name: shape.Name}, schemaTypes[shape.Kind], len(shape.Members), ts...)
	if shared {
		b[shape] = s // before what is below: it may hold itself
	}
	switch shape.Kind {
	case Structure:
		for _, m := range shape.Members {
			if below := keep.member(m.Name); below != nil {
				s.AddMember(m.wire, b.schema(m.Shape, below, m.format), m.traits()...)
			}
		}
	case List:
		s.AddMember("member", b.schema(shape.Element.Shape, keep.elements(), shape.Element.format), shape.Element.named()...)
	case Map:
		s.AddMember("key", b.schema(shape.Key.Shape, &Selection{}, shape.Key.format), shape.Key.named()...)
		s.AddMember("value", b.schema(shape.Element.Shape, keep.elements(), shape.Element.format), shape.Element.named()...)
	default:
	}
	return s
}

// timestampFormats are smithy's names of botocore's formats.
var timestampFormats = map[string]string{
	"iso8601": "date-time", "rfc822": "http-date", "unixTimestamp": "epoch-seconds",
}

// named says how an element of a list, a key or a value is called in XML and in a query.
func (m *Member) named() []smithy.Trait {
	if m.wire == "" {
		return nil
	}
	return []smithy.Trait{&traits.XMLName{Name: m.wire}}
}

// traits say where a member of a structure is in a message.
func (m *Member) traits() []smithy.Trait {
	var ts []smithy.Trait
	if m.flat {
		ts = append(ts, &traits.XMLFlattened{})
	}
	if m.attribute {
		ts = append(ts, &traits.XMLAttribute{})
	}
	if m.queryName != "" {
		ts = append(ts, &traits.EC2QueryName{Name: m.queryName})
	}
	switch m.location {
	case 'h':
		ts = append(ts, &traits.HTTPHeader{Name: m.wire})
	case 'H':
		ts = append(ts, &traits.HTTPPrefixHeaders{Prefix: m.wire})
	case 'u':
		ts = append(ts, &traits.HTTPLabel{})
	case 'q':
		if m.Shape.Kind == Map {
			ts = append(ts, &traits.HTTPQueryParams{})
		} else {
			ts = append(ts, &traits.HTTPQuery{Name: m.wire})
		}
	case 'c':
		ts = append(ts, &traits.HTTPResponseCode{})
	case 'p':
		ts = append(ts, &traits.HTTPPayload{})
	}
	return ts
}
